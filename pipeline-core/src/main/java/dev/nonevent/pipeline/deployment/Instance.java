package dev.nonevent.pipeline.deployment;

import java.net.URI;

/**
 * One running copy, and this one only: never a colour, never a port that something else may have taken over.
 *
 * @param id identity that is never reused: for a process its pid and start time
 * @param deployment the deployment it was started for
 * @param address where it answers, private to the machine
 */
public record Instance(String id, String deployment, URI address) {}
