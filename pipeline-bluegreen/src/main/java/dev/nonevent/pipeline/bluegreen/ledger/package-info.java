/** What stands where; lock and fence. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.ledger;

import org.jspecify.annotations.NullMarked;
