package dev.nonevent.pipeline.source;

import dev.nonevent.pipeline.artifact.Tree;

/**
 * The files of a revision, without its git data. A stage that needs it finds a copy in its workspace.
 */
public record Checkout(Revision revision, Tree tree) {

    public String shortId() {
        return revision.shortId();
    }
}
