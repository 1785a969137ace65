/**
 * The load generator: what it sends, to whom, and what it measures. {@link dss.bench.Bench} runs it, {@link
 * dss.bench.BenchReport} is what comes out; docs/bench.md says how to read that.
 */
@NullMarked
package dss.bench;

import org.jspecify.annotations.NullMarked;
