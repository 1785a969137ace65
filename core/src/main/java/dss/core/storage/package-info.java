@NullMarked
package dss.core.storage;

import org.jspecify.annotations.NullMarked;
