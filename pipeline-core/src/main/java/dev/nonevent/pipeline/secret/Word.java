package dev.nonevent.pipeline.secret;

import java.nio.charset.StandardCharsets;

/**
 * One form of a secret that is looked for.
 *
 * @param weight how sure it is that the secret is meant where it is found
 */
record Word(String text, Secret secret, Weight weight) {

    /** From this length on, in bytes, a whole value is no ordinary word. */
    private static final int TELLING_VALUE = 6;

    private static final int TELLING_PART = 8;

    /** What finding it says. All are masked. */
    enum Weight {
        /** So short that it may be an ordinary word. */
        SLIGHT(1),
        /** A line or a leaf of the value. */
        PART(2),
        /** All of the value. */
        VALUE(3);

        private final int level;

        Weight(int level) {
            this.level = level;
        }

        /** More for what tells more, above 0. */
        int level() {
            return level;
        }
    }

    static Word value(String text, Secret secret) {
        return new Word(text, secret, bytes(text).length < TELLING_VALUE ? Weight.SLIGHT : Weight.VALUE);
    }

    static Word part(String text, Secret secret) {
        return new Word(text, secret, bytes(text).length < TELLING_PART ? Weight.SLIGHT : Weight.PART);
    }

    /** The more telling of two that look the same. */
    Word or(Word other) {
        return other.weight.level > weight.level ? other : this;
    }

    byte[] bytes() {
        return bytes(text);
    }

    /** Not the text. */
    @Override
    public String toString() {
        return secret + " as " + weight;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
