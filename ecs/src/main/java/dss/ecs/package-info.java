@NullMarked
package dss.ecs;

import org.jspecify.annotations.NullMarked;
