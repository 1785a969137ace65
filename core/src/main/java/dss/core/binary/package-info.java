@NullMarked
package dss.core.binary;

import org.jspecify.annotations.NullMarked;
