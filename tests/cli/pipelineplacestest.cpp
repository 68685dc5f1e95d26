#include "app/cli/pipelineplaces.h"
#include "connectors/git/scriptedrepository.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

QByteArray workflowNamed(const QByteArray &name)
{
    return "name: " + name + "\non: push\njobs: {a: {runs-on: x}}\n";
}

QStringList namesIn(const Result<PlaceContent> &content)
{
    QStringList names;
    if (!content)
        return {content.error().message};
    for (const Workflow &workflow : content->workflows)
        names.append(workflow.name);
    return names;
}

} // namespace

class PipelinePlacesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        write("tree/.github/workflows/a.yml", workflowNamed("A"));
        write("tree/.github/workflows/b.yaml",
              "name: B\non: push\njobs: {c: {uses: ./.github/workflows/a.yml},"
              " d: {uses: ./shared/d.yml}}\n");
        write("tree/.github/workflows/notes.txt", "no workflow");
        write("tree/shared/d.yml", workflowNamed("D"));
        write("loose/one.yml", workflowNamed("One"));
        write("loose/two.yml", workflowNamed("Two"));
    }

    void aWorkspaceWithADatabaseIsMigratedByTheConsole()
    {
        const QString tree = m_folder->filePath(QStringLiteral("tree"));
        const auto migrations = [&] {
            return readPlace(placesOf({tree}, {})->first())->surroundings.migrations;
        };
        QCOMPARE(migrations(), Surroundings::Migrations::InWorkflows);
        write("tree/pilothouse.yaml", "pilothouse: 1\nname: x\n");
        QCOMPARE(migrations(), Surroundings::Migrations::InWorkflows);
        write("tree/pilothouse.yaml", "pilothouse: 1\ndatabases: {context: {service: x}}\n");
        QCOMPARE(migrations(), Surroundings::Migrations::ByConsole);
        write("tree/pilothouse.yaml", "databases: [\n");
        QCOMPARE(migrations(), Surroundings::Migrations::InWorkflows);
    }

    void aPathIsAPlace_data()
    {
        QTest::addColumn<QStringList>("paths");
        QTest::addColumn<QStringList>("names");
        const auto row = [](const char *name, const QStringList &paths, const QStringList &names) {
            QTest::newRow(name) << paths << names;
        };
        row("the top of a work tree", {QStringLiteral("tree")},
            {QStringLiteral("A"), QStringLiteral("B"), QStringLiteral("D")});
        row("its folder of workflows", {QStringLiteral("tree/.github/workflows")},
            {QStringLiteral("A"), QStringLiteral("B"), QStringLiteral("D")});
        row("one of them", {QStringLiteral("tree/.github/workflows/a.yml")}, {QStringLiteral("A")});
        row("one of them with what it calls", {QStringLiteral("tree/.github/workflows/b.yaml")},
            {QStringLiteral("B"), QStringLiteral("A"), QStringLiteral("D")});
        row("any folder of files", {QStringLiteral("loose")},
            {QStringLiteral("One"), QStringLiteral("Two")});
        row("a file anywhere", {QStringLiteral("loose/two.yml")}, {QStringLiteral("Two")});
    }

    void aPathIsAPlace()
    {
        QFETCH(QStringList, paths);
        for (QString &each : paths)
            each = path(each);
        const auto places = placesOf(paths, {});
        QVERIFY(places);
        QCOMPARE(places->size(), 1);
        QTEST(namesIn(readPlace(places->first())), "names");
    }

    void filesOfOneFolderAreOnePlace()
    {
        const auto places
            = placesOf({path(QStringLiteral("loose/two.yml")), path(QStringLiteral("tree")),
                        path(QStringLiteral("loose/one.yml"))},
                       {});
        QCOMPARE(places->size(), 2);
        QCOMPARE(namesIn(readPlace(places->first())),
                 (QStringList{QStringLiteral("Two"), QStringLiteral("One")}));
    }

    void aFileIsShownWhereItLies()
    {
        const auto places = placesOf({path(QStringLiteral("loose"))}, {});
        QCOMPARE(places->first().shown(QStringLiteral(".github/workflows/one.yml")),
                 path(QStringLiteral("loose/one.yml")));
        const auto tree = placesOf({path(QStringLiteral("tree"))}, {});
        QCOMPARE(tree->first().shown(QStringLiteral(".github/workflows/a.yml")),
                 path(QStringLiteral("tree/.github/workflows/a.yml")));
        QCOMPARE(tree->first().shown(QStringLiteral("shared/d.yml")),
                 path(QStringLiteral("tree/shared/d.yml")));
    }

    void whatIsNotThereIsTold()
    {
        const auto places = placesOf({path(QStringLiteral("nowhere"))}, {});
        QVERIFY(!places);
        QVERIFY(places.error().message.contains(QStringLiteral("nowhere")));
        const auto file = placesOf({path(QStringLiteral("loose/one.yml"))}, QStringLiteral("main"));
        QVERIFY(!file);
        QVERIFY(file.error().message.contains(QStringLiteral("repository")));
    }

    void aCommitIsReadFromItsRepository()
    {
        ScriptedRepository repository(path(QStringLiteral("clone")));
        const CommitId first = repository.commit(
            {.files = {{".github/workflows/ci.yml", workflowNamed("Old")}}, .message = "first"});
        const CommitId second
            = repository.commit({.files = {{".github/workflows/ci.yml", workflowNamed("New")}},
                                 .parents = {first},
                                 .message = "second"});
        repository.setReference("refs/heads/main", second);
        const auto at = [&](const QString &commit) {
            return namesIn(readPlace(placesOf({repository.path()}, commit)->first()));
        };
        QCOMPARE(at(first.value), QStringList{QStringLiteral("Old")});
        QCOMPARE(at(QStringLiteral("main")), QStringList{QStringLiteral("New")});
        QVERIFY(at(QStringLiteral("nowhere")).first().contains(QStringLiteral("nowhere")));
    }

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }

    void write(const char *name, const QByteArray &content)
    {
        const QString file = path(QString::fromLatin1(name));
        QVERIFY(QDir().mkpath(QFileInfo(file).path()));
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(content);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(PipelinePlacesTest)
#include "pipelineplacestest.moc"
