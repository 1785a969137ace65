@NullMarked
package dss.core.ecs;

import org.jspecify.annotations.NullMarked;
