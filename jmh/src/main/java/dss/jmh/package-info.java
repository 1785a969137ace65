/** Benchmarks of the parts of the data path, one at a time, by JMH; {@code bench/jmh.sh} runs them. */
@NullMarked
package dss.jmh;

import org.jspecify.annotations.NullMarked;
