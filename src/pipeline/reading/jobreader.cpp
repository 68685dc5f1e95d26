#include "pipeline/reading/jobreader.h"

#include "base/words.h"
#include "document/fields.h"
#include "pipeline/matrix.h"
#include "pipeline/reading/keys.h"
#include "pipeline/reading/sharedvalues.h"
#include "pipeline/reading/stepreader.h"
#include "pipeline/reading/usesform.h"

#include <QSet>

namespace pilothouse {

namespace {

/// Each name once, with its place.
QList<WorkflowReference> referencesIn(const WorkflowTexts &texts)
{
    QList<WorkflowReference> found;
    QSet<QString> seen;
    for (const WorkflowText &text : texts.items) {
        if (!seen.contains(text.text))
            found.append({text.text, text.at});
        seen.insert(text.text);
    }
    return found;
}

class JobReader
{
public:
    JobReader(const YamlNode::Entry &entry, Problems &problems)
        : m_body(entry.value), m_problems(problems),
          m_keys(entry.value, Words::tr("a job"), problems)
    {
        m_job.key = entry.key;
        m_job.at = entry.keyAt;
    }

    [[nodiscard]] WorkflowJob read()
    {
        m_job.name = m_keys.text(QStringLiteral("name"), Form::Text, Scope::Job);
        m_job.needs = referencesIn(m_keys.texts(QStringLiteral("needs")));
        m_job.condition = m_keys.condition(Scope::JobIf);
        m_job.permissions = readPermissions(m_keys, m_problems);
        m_job.concurrency = readConcurrency(m_keys, Scope::Job, m_problems);
        readStrategy();
        readWork();
        readCall();
        checkKind();
        return m_job;
    }

private:
    void readStrategy()
    {
        const QString key = QStringLiteral("strategy");
        const YamlNode node = m_keys.node(key);
        if (node.isMissing())
            return;
        m_job.strategy.at = m_keys.keyAt(key);
        if (!node.isMap()) {
            const WorkflowText whole = m_keys.text(key, Form::Text, Scope::Strategy);
            if (whole.isExpression())
                m_job.matrix.kind = Matrix::Kind::Dynamic;
            else
                m_keys.expected(key, QStringLiteral("\"matrix\""));
            return;
        }
        Keys keys(node, QStringLiteral("\"strategy\""), m_problems);
        m_job.strategy.failFast
            = keys.text(QStringLiteral("fail-fast"), Form::Flag, Scope::Strategy);
        m_job.strategy.maxParallel
            = keys.text(QStringLiteral("max-parallel"), Form::Number, Scope::Strategy);
        const QString matrix = QStringLiteral("matrix");
        if (keys.node(matrix).isNull())
            keys.expected(matrix, Words::tr("the dimensions of the matrix"));
        m_job.matrix = readMatrix(keys.node(matrix), m_problems);
    }

    void readWork()
    {
        readRunner();
        readEnvironment();
        m_job.timeoutMinutes
            = m_keys.text(QStringLiteral("timeout-minutes"), Form::Number, Scope::Job);
        m_job.continueOnError
            = m_keys.text(QStringLiteral("continue-on-error"), Form::Flag, Scope::Job);
        m_job.defaults = readDefaults(m_keys, Scope::JobDefaults, m_problems);
        m_job.env
            = m_keys.settings(QStringLiteral("env"), Scope::JobWithSecrets, Scope::JobWithSecrets);
        m_job.outputs = m_keys.settings(QStringLiteral("outputs"), Scope::JobOutput);
        readContainers();
        const QString steps = QStringLiteral("steps");
        const YamlNode list = m_keys.node(steps);
        if (!list.isMissing() && !list.isSequence())
            m_keys.expected(steps, Words::tr("a list of steps"));
        m_job.steps = readSteps(list, m_problems);
    }

    void readRunner()
    {
        const QString key = QStringLiteral("runs-on");
        const YamlNode node = m_keys.node(key);
        if (node.isMissing())
            return;
        m_job.runsOn.at = m_keys.keyAt(key);
        if (!node.isMap()) {
            m_job.runsOn.labels = m_keys.texts(key, Scope::Job);
            return;
        }
        Keys keys(node, QStringLiteral("\"runs-on\""), m_problems);
        m_job.runsOn.group = keys.text(QStringLiteral("group"), Form::Name, Scope::Job);
        m_job.runsOn.labels = keys.texts(QStringLiteral("labels"), Scope::Job);
        const WorkflowText &group = m_job.runsOn.group;
        const QStringList parts = group.text.split(QLatin1Char('/'));
        static const QStringList owners{QStringLiteral("org"), QStringLiteral("organization"),
                                        QStringLiteral("ent"), QStringLiteral("enterprise")};
        if (!group.isExpression() && parts.size() > 1
            && (parts.size() > 2 || parts[1].isEmpty() || !owners.contains(parts[0])))
            keys.report(group.at, Words::tr("expected \"organization/\" or \"enterprise/\" and a "
                                            "name, or a name alone, as group of runners"));
    }

    void readEnvironment()
    {
        const QString key = QStringLiteral("environment");
        const YamlNode node = m_keys.node(key);
        if (node.isMissing())
            return;
        m_job.environment.at = m_keys.keyAt(key);
        if (!node.isMap()) {
            m_job.environment.name = m_keys.text(key, Form::Text, Scope::Job);
            return;
        }
        Keys keys(node, QStringLiteral("\"environment\""), m_problems);
        m_job.environment.name = keys.text(QStringLiteral("name"), Form::Text, Scope::Job);
        m_job.environment.url = keys.text(QStringLiteral("url"), Form::Text, Scope::EnvironmentUrl);
        m_job.environment.deployment
            = keys.text(QStringLiteral("deployment"), Form::Flag, Scope::Job);
        if (!keys.has(QStringLiteral("name")))
            keys.report(m_job.environment.at, Words::tr("\"environment\" has no \"name\""));
    }

    void readContainers()
    {
        const QString key = QStringLiteral("container");
        if (const YamlNode node = m_keys.node(key); !node.isMissing())
            m_job.container = readContainer(node, m_keys.keyAt(key), m_keys.placeOf(key), {});
        const QString services = QStringLiteral("services");
        const YamlNode all = m_keys.node(services);
        if (all.isMissing())
            return;
        if (!all.isMap()) {
            if (!m_keys.text(services, Form::Text, Scope::Job).isExpression())
                m_keys.expected(services, Words::tr("names of services"));
            return;
        }
        checkKeysDiffer(all, m_problems);
        for (const YamlNode::Entry &entry : all.entries())
            m_job.services.append(readContainer(
                entry.value, entry.keyAt,
                entry.value.at().line > 0 ? entry.value.at() : entry.keyAt, entry.key));
    }

    WorkflowContainer readContainer(const YamlNode &node, const Position &keyAt,
                                    const Position &place, const QString &name)
    {
        WorkflowContainer container;
        container.key = name;
        container.at = keyAt;
        if (!node.isMap()) {
            container.image
                = readText(node, place, Words::tr("image of a container"),
                           name.isEmpty() ? Form::Text : Form::Name, Scope::Job, m_problems);
            return container;
        }
        Keys keys(node, Words::tr("a container"), m_problems);
        container.image = keys.text(QStringLiteral("image"), Form::Name, Scope::Job);
        container.options = keys.text(QStringLiteral("options"), Form::Text, Scope::Job);
        container.env = keys.settings(QStringLiteral("env"), Scope::JobOutput, Scope::Job);
        container.credentials
            = keys.settings(QStringLiteral("credentials"), Scope::Credentials, Scope::Credentials);
        container.ports = listed(keys, QStringLiteral("ports"));
        container.volumes = listed(keys, QStringLiteral("volumes"));
        if (!keys.has(QStringLiteral("image")))
            keys.report(keyAt, Words::tr("this container has no \"image\""));
        return container;
    }

    WorkflowTexts listed(Keys &keys, const QString &key)
    {
        const YamlNode node = keys.node(key);
        if (!node.isMissing() && !node.isSequence()
            && !keys.text(key, Form::Text, Scope::Job).isExpression()) {
            keys.expected(key, Words::tr("a list"));
            return {};
        }
        return keys.texts(key, Scope::Job);
    }

    void readCall()
    {
        m_job.uses = m_keys.text(QStringLiteral("uses"), Form::Name);
        // A file that is read by itself, outside a repository, may call those beside it.
        const bool isLoose = !m_problems.file().startsWith(QLatin1String(".github/workflows/"));
        const QString mistake = m_job.uses.isEmpty() || (isLoose && !m_job.localCallee().isEmpty())
                                    ? QString()
                                    : callMistake(m_job.uses.text);
        if (!mistake.isEmpty())
            m_keys.report(m_job.uses.at, mistake);
        warnOfShortCommit(m_job.uses, m_problems);
        m_job.with = m_keys.settings(QStringLiteral("with"), Scope::Job);
        const QString key = QStringLiteral("secrets");
        const YamlNode node = m_keys.node(key);
        if (node.isMissing())
            return;
        m_job.secrets.at = m_keys.keyAt(key);
        if (node.isMap()) {
            m_job.secrets.passed = m_keys.settings(key, Scope::JobWithSecrets);
            return;
        }
        m_job.secrets.inherit = m_keys.text(key, Form::Name);
        if (m_job.secrets.inherit.isGiven()
            && m_job.secrets.inherit.text != QLatin1String("inherit"))
            m_keys.expected(key, Words::tr("inherit, or names of secrets"));
    }

    /// A job either works or calls a workflow.
    void checkKind()
    {
        if (!m_body.contains(u"uses")) {
            const QString news = m_body.contains(u"runs-on")
                                     ? QString()
                                     : m_keys.newKey({QStringLiteral("snapshot"),
                                                      QStringLiteral("cancel-timeout-minutes")});
            if (!m_body.contains(u"runs-on"))
                m_keys.reportUnlessNew(
                    m_job.at,
                    Words::tr("job \"%1\" has neither \"runs-on\" nor \"uses\"").arg(m_job.key),
                    news);
            for (const char *key : {"with", "secrets"}) {
                if (m_body.contains(QString::fromLatin1(key)))
                    m_keys.reportUnlessNew(m_body.keyAt(QString::fromLatin1(key)),
                                           Words::tr("job \"%1\" calls no workflow, so it cannot "
                                                     "have \"%2\"")
                                               .arg(m_job.key, QString::fromLatin1(key)),
                                           news);
            }
            return;
        }
        for (const char *key : {"runs-on", "timeout-minutes", "cancel-timeout-minutes",
                                "continue-on-error", "container", "services", "env", "environment",
                                "outputs", "defaults", "steps", "snapshot"}) {
            if (m_body.contains(QString::fromLatin1(key)))
                m_problems.add(m_body.keyAt(QString::fromLatin1(key)),
                               Words::tr("job \"%1\" calls a workflow, so it cannot have \"%2\"")
                                   .arg(m_job.key, QString::fromLatin1(key)));
        }
    }

    YamlNode m_body;
    Problems &m_problems;
    Keys m_keys;
    WorkflowJob m_job;
};

} // namespace

WorkflowJob readJob(const YamlNode::Entry &entry, Problems &problems)
{
    if (!isWorkflowId(entry.key))
        problems.add(entry.keyAt,
                     Words::tr("\"%1\" cannot be the key of a job: use letters, digits, - "
                               "and _, beginning with a letter or one _")
                         .arg(entry.key));
    if (!entry.value.isMap()) {
        problems.add(entry.value.at().line > 0 ? entry.value.at() : entry.keyAt,
                     Words::tr("expected the keys of job \"%1\", found %2")
                         .arg(entry.key, describe(entry.value)));
        WorkflowJob job;
        job.key = entry.key;
        job.at = entry.keyAt;
        return job;
    }
    return JobReader(entry, problems).read();
}

} // namespace pilothouse
