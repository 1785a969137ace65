@NullMarked
package dss.peer;

import org.jspecify.annotations.NullMarked;
