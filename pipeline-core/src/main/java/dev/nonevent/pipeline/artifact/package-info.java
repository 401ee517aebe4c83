/** What stages hand on: content-addressed files and directories. */
@NullMarked
package dev.nonevent.pipeline.artifact;

import org.jspecify.annotations.NullMarked;
