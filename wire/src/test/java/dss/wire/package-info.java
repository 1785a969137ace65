@NullMarked
package dss.wire;

import org.jspecify.annotations.NullMarked;
