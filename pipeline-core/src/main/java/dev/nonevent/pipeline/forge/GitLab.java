package dev.nonevent.pipeline.forge;

import dev.nonevent.pipeline.post.Answer;
import dev.nonevent.pipeline.post.Letter;
import java.net.URI;

/** gitlab.com, or a GitLab of one's own ("Set the pipeline status of a commit" of its API). */
record GitLab(URI api, String project) implements Forge {

    private static final int MOST_DESCRIPTION = 255;

    @Override
    public String name() {
        return "GitLab " + project;
    }

    @Override
    public Forge at(URI other) {
        return new GitLab(other, project);
    }

    @Override
    public Letter letter(Status status, String token) {
        URI address = Forge.address(api, "projects", project, "statuses", status.commit());
        return Letter.to(address, Forge.document(status, word(status.state()), "name", MOST_DESCRIPTION))
                .header("PRIVATE-TOKEN", token);
    }

    @Override
    public String wayOut(Answer.Refused refused) {
        return switch (refused.status()) {
            case 400 -> "GitLab does not take this status: is another run telling it about the same commit?";
            case 401 -> "the token is wrong or has expired: make a new one";
            case 403 -> "the token needs the scope api, and its owner the role Developer";
            case 404 -> "there is no such project or commit, or the token's owner does not see it";
            default -> "look at " + api;
        };
    }

    /** GitLab refuses to make pending what is pending or runs already: after a run that was killed, or beside another. */
    @Override
    public boolean hasIt(Status status, Answer.Refused refused) {
        return status.state() == State.PENDING
                && refused.status() == 400
                && (refused.words().contains("from :pending") || refused.words().contains("from :running"));
    }

    private static String word(State state) {
        return switch (state) {
            case PENDING -> "pending";
            case PASSED -> "success";
            case FAILED, UNKNOWN -> "failed";
            case STOPPED -> "canceled";
        };
    }
}
