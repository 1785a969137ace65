@NullMarked
package dss.storage;

import org.jspecify.annotations.NullMarked;
