@NullMarked
package dss.client;

import org.jspecify.annotations.NullMarked;
