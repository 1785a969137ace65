package dss.bench;

/**
 * An operation that is to be sent again; those that go well are never objects.
 *
 * @param start when it was to be sent first, by the nanosecond clock
 * @param tries how often it was sent
 */
record Operation(Kind kind, long key, long start, int tries) {}
