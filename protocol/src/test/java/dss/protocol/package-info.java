@NullMarked
package dss.protocol;

import org.jspecify.annotations.NullMarked;
