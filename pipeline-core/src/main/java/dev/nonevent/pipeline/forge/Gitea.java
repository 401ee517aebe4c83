package dev.nonevent.pipeline.forge;

import dev.nonevent.pipeline.post.Answer;
import dev.nonevent.pipeline.post.Letter;
import java.net.URI;

/** A Gitea, or a Forgejo ({@code repoCreateStatus} of its API). */
record Gitea(URI api, String project) implements Forge {

    private static final int MOST_DESCRIPTION = 255;

    @Override
    public String name() {
        return "Gitea " + project;
    }

    @Override
    public Forge at(URI other) {
        return new Gitea(other, project);
    }

    @Override
    public Letter letter(Status status, String token) {
        String[] parts = project.split("/", 2);
        URI address = Forge.address(api, "repos", parts[0], parts[1], "statuses", status.commit());
        return Letter.to(address, Forge.document(status, GitHub.word(status.state()), "context", MOST_DESCRIPTION))
                .header("Accept", "application/json")
                .header("Authorization", "token " + token);
    }

    @Override
    public String wayOut(Answer.Refused refused) {
        return switch (refused.status()) {
            case 401 -> "the token is wrong or was deleted: make a new one";
            case 403 -> "the token needs the scope write:repository, and its owner write access to the code";
            case 404 -> "there is no such repository or commit, or the token's owner does not see it";
            case 422 -> "it does not take this status: is the commit pushed?";
            default -> "look at " + api;
        };
    }
}
