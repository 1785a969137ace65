package dss.consensus;

import dss.core.cluster.Address;

/**
 * Where an ECS is.
 *
 * @param bind the host its ports listen at
 * @param consensus where the other peers of the replicated log reach it
 * @param resp where servers and admins find it
 */
public record Place(String bind, Address consensus, Address resp) {}
