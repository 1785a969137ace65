/** Whole clusters of real processes on real sockets, used by real clients, grown, shrunk, paused and killed. */
@NullMarked
package dss.app.process;

import org.jspecify.annotations.NullMarked;
