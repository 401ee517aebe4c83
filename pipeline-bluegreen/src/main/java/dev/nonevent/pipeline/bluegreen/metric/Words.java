package dev.nonevent.pipeline.bluegreen.metric;

/** Words of others, fit for a line of ours. */
final class Words {

    private static final int MOST = 200;

    private Words() {}

    static String clean(String words) {
        String line = words.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= MOST ? line : line.substring(0, MOST) + "…";
    }
}
