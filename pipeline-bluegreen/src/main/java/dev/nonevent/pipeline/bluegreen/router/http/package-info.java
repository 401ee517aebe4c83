/** Requests and answers on their way through: read strictly, passed on as they arrive. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.router.http;

import org.jspecify.annotations.NullMarked;
