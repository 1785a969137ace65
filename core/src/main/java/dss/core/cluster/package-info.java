@NullMarked
package dss.core.cluster;

import org.jspecify.annotations.NullMarked;
