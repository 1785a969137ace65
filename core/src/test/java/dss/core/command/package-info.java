@NullMarked
package dss.core.command;

import org.jspecify.annotations.NullMarked;
