#pragma once

#include "logs/logcontroller.h"
#include "migration/samplechange.h"
#include "pipeline/act/actbench.h"
#include "release/compare/showndiff.h"
#include "release/fakedatabase.h"
#include "release/fakerepository.h"
#include "release/oncall/oncall.h"
#include "release/releasecontroller.h"
#include "rollout/rolloutbench.h"
#include "ui/shell/mainwindow.h"

#include <QTemporaryDir>

#include <memory>

namespace pilothouse {

/// The real window over real controllers, with everything below their ports in memory: a track
/// "standalone", the runs 7011 and 7012 of commit c41d77e, and a change of database "context".
class WindowBench
{
public:
    explicit WindowBench(const ReleaseSettings &settings = {})
        : release(settings, repository, repository, rolling.journal, rolling.clock)
    {
        repository.add(old, t("The first"));
        repository.add(good, t("Scope search"));
        repository.add(
            shown.value, t("Keep the connection"),
            {{t("migrations/changes/conversations-organization-id.yaml"), sampleChangeFile()}});
        rolling.traffic.world.candidate->pods = {t("web-1"), t("web-2")};
        rolling.traffic.tell();
        acting.show();
        database.now = untouchedFacts();
        migrations.addDatabase(t("context"), t("migrations/changes"), database);
        release.addTrack(*rolling.rollout, t("context"));
        release.setMigrations(migrations);
        release.setPipeline(*acting.pipeline);
        Parts parts{{EnvironmentMark::Kind::Rehearsal, t("rehearsal")},
                    t("Shop"),
                    false,
                    rolling.clock,
                    rolling.journal,
                    rolling.runner,
                    release,
                    diff,
                    {repository, repository, repository, {}},
                    *acting.pipeline,
                    logs,
                    podLogs,
                    migrations,
                    onCall,
                    {rolling.rollout.get()},
                    {}};
        parts.runActions = acting.acts.get();
        parts.files = &repository;
        parts.runs = &acting.control;
        parts.vendorPages.repository = QUrl(t("https://github.com/o/r"));
        parts.vendorPages.tracks[t("standalone")]
            = ClusterView{t("kubectl -n p"), t("kubectl -n p get httproute web"), {}};
        parts.vendorPages.metrics = QUrl(t("https://prometheus.example"));
        parts.vendorPages.changeFolders[t("context")] = t("migrations/changes");
        window = std::make_unique<MainWindow>(parts);
    }

    /// Begins to read, and shows the window.
    void start()
    {
        migrations.start();
        release.start();
        window->show();
    }

    RolloutBench rolling;
    ActBench acting;
    FakeRepository repository;
    StillDatabase database{rolling.clock};
    MigrationController migrations{{}, repository, rolling.runner, rolling.clock};
    ReleaseController release;
    ShownDiff diff{release, {repository, repository, repository, {}}};
    OnCall onCall{release, {rolling.rollout.get()}, migrations, rolling.clock};
    QTemporaryDir folder;
    LogController logs{{}, folder.path(), rolling.clock};
    LogController podLogs{{}, folder.path(), rolling.clock};
    std::unique_ptr<MainWindow> window;
};

} // namespace pilothouse
