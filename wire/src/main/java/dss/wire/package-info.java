/** RESP over sockets: a server whose replies keep the order of requests, and an asynchronous client. */
@NullMarked
package dss.wire;

import org.jspecify.annotations.NullMarked;
