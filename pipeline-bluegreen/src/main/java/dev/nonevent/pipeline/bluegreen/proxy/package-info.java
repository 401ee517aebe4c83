/** What proxies of others have in common: a file they go by, a fence that guards it, and counts that outlive them. */
@NullMarked
package dev.nonevent.pipeline.bluegreen.proxy;

import org.jspecify.annotations.NullMarked;
