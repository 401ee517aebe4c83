package dev.nonevent.pipeline.source;

import java.util.concurrent.Callable;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * Calls JGit such that neither the user's nor the system's git configuration has a say, no {@code git} program is asked
 * and nothing is written into the home directory: the same commit gives the same run on every machine.
 *
 * <p>JGit knows one {@link SystemReader} per process. The first call wraps it; the wrapper answers with empty
 * configuration to threads inside {@link #call}, and to JGit's own background measuring of file times, which would
 * otherwise write a file into the home directory. To every other thread of the process it passes on what was there
 * before, so a program that uses JGit itself sees no change.
 */
public final class IsolatedGit {

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
        return INSIDE.get() || Thread.currentThread().getName().startsWith("JGit-FileStoreAttribute");
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
