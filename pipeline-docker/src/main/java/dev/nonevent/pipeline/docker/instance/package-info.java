/** What the hosts of one engine and of many have in common: how instances are declared, marked, and their images kept. */
@NullMarked
package dev.nonevent.pipeline.docker.instance;

import org.jspecify.annotations.NullMarked;
