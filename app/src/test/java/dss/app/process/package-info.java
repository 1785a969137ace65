@NullMarked
package dss.app.process;

import org.jspecify.annotations.NullMarked;
