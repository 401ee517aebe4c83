package dev.nonevent.pipeline.source;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * Calls JGit such that neither the user's nor the system's git configuration has a say, no {@code git} program is asked
 * and nothing is written into the home directory: the same commit gives the same run on every machine.
 *
 * <p>JGit knows one {@link SystemReader} per process. The first call wraps it; the wrapper answers with empty
 * configuration to threads inside {@link #call}. To every other thread of the process it passes on what was there before,
 * so a program that uses JGit itself sees no change, except that JGit does not measure how exactly file systems keep
 * times, nor writes that into the home directory.
 */
public final class IsolatedGit {

    private static final String MEASURING = "org.eclipse.jgit.util.FS$FileStoreAttributes";

    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

    private IsolatedGit() {}

    /** Carries the call out on this thread; may be nested. */
    public static <T> T call(Callable<T> work) throws Exception {
        wrapOnce();
        boolean before = INSIDE.get();
        INSIDE.set(true);
        try {
            return work.call();
        } finally {
            INSIDE.set(before);
        }
    }

    private static synchronized void wrapOnce() {
        if (!(SystemReader.getInstance() instanceof QuietReader)) {
            SystemReader.setInstance(new QuietReader(SystemReader.getInstance()));
        }
    }

    private static boolean quiet() {
        return INSIDE.get() || measures();
    }

    /** JGit asks for what it knows of a file system on a thread of its own, or of the common pool. */
    private static boolean measures() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals(MEASURING)));
    }

    private static final class QuietReader extends SystemReader.Delegate {

        private final SystemReader others;

        QuietReader(SystemReader others) {
            super(others);
            this.others = others;
        }

        @Override
        public StoredConfig getUserConfig() throws org.eclipse.jgit.errors.ConfigInvalidException, java.io.IOException {
            return quiet() ? new Nothing(null) : others.getUserConfig();
        }

        @Override
        public StoredConfig getSystemConfig()
                throws org.eclipse.jgit.errors.ConfigInvalidException, java.io.IOException {
            return quiet() ? new Nothing(null) : others.getSystemConfig();
        }

        @Override
        public StoredConfig getJGitConfig() throws org.eclipse.jgit.errors.ConfigInvalidException, java.io.IOException {
            return quiet() ? new Nothing(null) : others.getJGitConfig();
        }

        @Override
        public FileBasedConfig openUserConfig(Config parent, FS fs) {
            return quiet() ? new Nothing(parent) : others.openUserConfig(parent, fs);
        }

        @Override
        public FileBasedConfig openSystemConfig(Config parent, FS fs) {
            return quiet() ? new Nothing(parent) : others.openSystemConfig(parent, fs);
        }

        @Override
        public FileBasedConfig openJGitConfig(Config parent, FS fs) {
            return quiet() ? new Nothing(parent) : others.openJGitConfig(parent, fs);
        }
    }

    /** A configuration file that does not exist, and is not written. */
    private static final class Nothing extends FileBasedConfig {

        Nothing(@org.jspecify.annotations.Nullable Config parent) {
            super(parent, new java.io.File("no-git-configuration"), FS.DETECTED);
        }

        /**
         * How exactly a file system keeps times. JGit would measure it: three seconds in the first run of each process, and
         * with files of its own in somebody's repository. Two seconds is what JGit takes when it cannot measure; it then
         * only looks twice at a file that has just changed.
         */
        @Override
        public long getTimeUnit(String section, String subsection, String name, long otherwise, TimeUnit unit) {
            return section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION)
                    ? unit.convert(Duration.ofSeconds(2))
                    : super.getTimeUnit(section, subsection, name, otherwise, unit);
        }

        @Override
        public void load() {}

        @Override
        public void save() {}

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
