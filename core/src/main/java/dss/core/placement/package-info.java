@NullMarked
package dss.core.placement;

import org.jspecify.annotations.NullMarked;
