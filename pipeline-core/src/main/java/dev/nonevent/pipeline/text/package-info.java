/** Words for people: text from outside made fit for one line, and the name somebody probably meant. */
@NullMarked
package dev.nonevent.pipeline.text;

import org.jspecify.annotations.NullMarked;
