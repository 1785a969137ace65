@NullMarked
package dss.consensus;

import org.jspecify.annotations.NullMarked;
