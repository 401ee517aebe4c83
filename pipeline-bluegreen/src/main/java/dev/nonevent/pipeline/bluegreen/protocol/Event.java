package dev.nonevent.pipeline.bluegreen.protocol;

/** Something that has happened: somebody wants something, an action was answered, or it met with trouble. */
public enum Event {
    // Somebody wants something.
    TAKEN("a process has taken the application, under a fence higher than any before"),
    RECOVER("what a dead process left open is to be finished or undone"),
    ABORT("a person wants the open deployment undone"),
    TIDY("what nobody needs any more is to go"),
    MAKE_ROOM("what is kept warm is to go too, for the next release"),
    PAUSE("a person wants it to stay as it is"),
    GO_ON("a person wants it to go on"),
    BEGIN("a release is to get the traffic"),
    GO_DOWN("everything is to end"),

    // An action was answered.
    WRITTEN("the fact is durable"),
    OURS("users are on nothing, or on a deployment the ledger knows"),
    FOREIGN("users are on what no deployment has started"),
    ON_IT("users are on the release of this deployment"),
    ELSEWHERE("users are not on the release of this deployment"),
    PARTLY_ON_IT("a part of the users is on the release of this deployment"),
    REACHED("users are on the release, and are to leave it"),
    PARTLY_REACHED("a part of the users is on the release, and is to leave it"),
    UNREACHED("users never came to the release"),
    COLD("its instance has to be started"),
    WARM("its instance runs already"),
    CREATED("its instance runs"),
    FIT("it passed every check"),
    FIT_FOR_PART("it passed every check, and a part of the users gets it first"),
    UNFIT("it failed a check, or ran out of time"),
    SWITCHED("users are on it, as the router confirms"),
    SHIFTED("a part of the users is on it, as the router confirms"),
    GROWS("it is good enough for a larger part of the users"),
    PROVEN("it is good enough to stay"),
    UNPROVEN("it is not good enough to stay"),
    STABLE_ANSWERS("the stable release has answered just now"),
    STABLE_SILENT("there is no stable release, or it does not answer"),
    ALONE("there never was another release, and this one answers"),
    BARRED("there is a stable release, and what has been changed since bars the way back to it"),
    SWITCHED_BACK("users are on the stable release, as the router confirms"),
    DRAINED("its requests have ended, or were cut"),
    ONE_RUNS("an instance of it runs"),
    NONE_RUNS("no instance of it runs"),
    STOPPED("the instance is gone"),
    OLD_RUNS("the predecessor runs"),
    OLD_GONE("no predecessor runs"),
    KEEP("the predecessor is a way back, and is to be kept"),
    LET_GO("the predecessor is not to be kept"),
    STANDS("users are where the ledger says, or nobody can help them"),
    ASTRAY("users are not on the stable release, which answers"),
    POINTED("users are on the stable release again"),
    LEFTOVER("an instance runs that no deployment needs"),
    CLEAR("nothing runs that is not needed"),
    ROUTER_ENDED("what carries the traffic has ended"),

    // An action met with trouble.
    CANCELLED("whoever waits for the deployment has given up"),
    FAILED("an action has failed"),
    UNKNOWN("nobody can say where users are"),
    LOST("a higher fence is out, the ledger takes nothing any more, or the way out has failed too");

    private final String sentence;

    Event(String sentence) {
        this.sentence = sentence;
    }

    /** What has happened. */
    public String sentence() {
        return sentence;
    }
}
