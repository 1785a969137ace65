/** Faults on real processes: a cluster of its own, a recorded load, faults in turn, a verdict. */
@NullMarked
package dss.drill;

import org.jspecify.annotations.NullMarked;
