@NullMarked
package dss.sim;

import org.jspecify.annotations.NullMarked;
