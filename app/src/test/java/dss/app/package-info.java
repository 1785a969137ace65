@NullMarked
package dss.app;

import org.jspecify.annotations.NullMarked;
