@NullMarked
package dss.core.entry;

import org.jspecify.annotations.NullMarked;
