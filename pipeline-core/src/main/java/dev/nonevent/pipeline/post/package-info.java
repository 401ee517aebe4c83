/** A JSON document to somebody else's server: retried, bounded, and its secrets go nowhere else. */
@NullMarked
package dev.nonevent.pipeline.post;

import org.jspecify.annotations.NullMarked;
