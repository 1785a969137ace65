@NullMarked
package dss.core;

import org.jspecify.annotations.NullMarked;
