/** What people and their tools are told about the router's work: metrics and the access log. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.router.watch;

import org.jspecify.annotations.NullMarked;
