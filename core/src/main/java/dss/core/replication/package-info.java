@NullMarked
package dss.core.replication;

import org.jspecify.annotations.NullMarked;
