/** The promises of each seam, as tests that an implementation's own test extends. */
package dev.nonevent.pipeline.contract;
