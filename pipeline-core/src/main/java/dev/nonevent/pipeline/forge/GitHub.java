package dev.nonevent.pipeline.forge;

import dev.nonevent.pipeline.post.Answer;
import dev.nonevent.pipeline.post.Letter;
import java.net.URI;

/** github.com, or a GitHub Enterprise Server ("Create a commit status" of its REST API). */
record GitHub(URI api, String project) implements Forge {

    private static final int MOST_DESCRIPTION = 140;

    @Override
    public String name() {
        return "GitHub " + project;
    }

    @Override
    public Forge at(URI other) {
        return new GitHub(other, project);
    }

    @Override
    public Letter letter(Status status, String token) {
        String[] parts = project.split("/", 2);
        URI address = Forge.address(api, "repos", parts[0], parts[1], "statuses", status.commit());
        return Letter.to(address, Forge.document(status, word(status.state()), "context", MOST_DESCRIPTION))
                .header("Accept", "application/vnd.github+json")
                .header("X-GitHub-Api-Version", "2022-11-28")
                .header("Authorization", "Bearer " + token);
    }

    @Override
    public String wayOut(Answer.Refused refused) {
        return switch (refused.status()) {
            case 401 -> "the token is wrong or has expired: make a new one";
            case 403 -> "the token needs repo:status, or \"Commit statuses: write\" if it is fine-grained";
            case 404 ->
                "there is no such repository, or the token's owner may not write to it: give it write access, and"
                        + " the token repo:status";
            case 422 -> "is the commit pushed? GitHub also refuses the 1001st status of one commit and context";
            default -> "look at " + api;
        };
    }

    static String word(State state) {
        return switch (state) {
            case PENDING -> "pending";
            case PASSED -> "success";
            case FAILED -> "failure";
            case UNKNOWN, STOPPED -> "error";
        };
    }
}
