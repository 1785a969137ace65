@NullMarked
package dss.core.planted;

import org.jspecify.annotations.NullMarked;
