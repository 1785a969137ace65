@NullMarked
package dss.server;

import org.jspecify.annotations.NullMarked;
