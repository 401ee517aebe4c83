/** Telling people about a run that is over: Slack, and whoever takes a document over HTTP. */
@NullMarked
package dev.nonevent.pipeline.notice;

import org.jspecify.annotations.NullMarked;
