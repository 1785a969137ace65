@NullMarked
package dss.bench;

import org.jspecify.annotations.NullMarked;
