package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.traffic.Route;
import java.util.Optional;

/** What a request reads once: the route, and the side it points at. Immutable; a switch replaces it. */
record Routes(Route route, Optional<Side> side) {}
