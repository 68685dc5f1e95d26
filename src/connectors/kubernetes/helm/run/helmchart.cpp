#include "connectors/kubernetes/helm/run/helmchart.h"

#include "base/chaining.h"

#include <QDir>
#include <QFileInfo>

namespace pilothouse {
namespace {

/// A folder is not touched when a file in it is written.
QDateTime writtenAt(const QString &chart)
{
    const QFileInfo there(chart);
    return there.isDir()
               ? QFileInfo(QDir(chart).filePath(QStringLiteral("Chart.yaml"))).lastModified()
               : there.lastModified();
}

/// Of a field at the left margin, as helm prints it again.
QString fieldOf(const QByteArray &printed, const QByteArray &field)
{
    for (const QByteArray &line : printed.split('\n')) {
        if (!line.startsWith(field + ": "))
            continue;
        QByteArray value = line.mid(field.size() + 2).trimmed();
        const bool quoted = value.size() > 1 && (value.front() == '"' || value.front() == '\'')
                            && value.back() == value.front();
        return QString::fromUtf8(quoted ? value.mid(1, value.size() - 2) : value);
    }
    return {};
}

} // namespace

Result<HelmChartName> chartNameFrom(const QByteArray &printed)
{
    const HelmChartName chart{fieldOf(printed, "name"), fieldOf(printed, "version")};
    if (chart.name.isEmpty() || chart.version.isEmpty())
        return fail(ErrorKind::Malformed, HelmChart::tr("helm does not say its name and version."));
    return chart;
}

HelmChart::HelmChart(HelmProgram &program, HelmTarget target, QObject *parent)
    : QObject(parent), m_program(program), m_target(std::move(target))
{}

void HelmChart::find()
{
    if (!isOnDisk(m_target.chart))
        return;
    const QDateTime written = writtenAt(m_target.chart);
    if (m_askedFor == written)
        return;
    m_askedFor = written;
    Command command = helmCommand(m_target, chartArguments(m_target));
    command.timeout = std::chrono::seconds(10);
    command.grace = {};
    whenDone(
        m_program.look(command), this,
        [this, written](const Result<CommandOutput> &output) {
            if (m_askedFor != written)
                return;
            if (!output && m_program.problem()) {
                m_askedFor.reset(); // helm may be installed yet
                return;
            }
            m_name = output ? chartNameFrom(output->standardOutput) : fail(output.error());
            Q_EMIT changed();
        },
        [this] { m_askedFor.reset(); });
}

QString HelmChart::difference(const HelmBody &deployed) const
{
    if (!m_name || deployed.chart.isEmpty() || m_program.problem())
        return {};
    if (!*m_name)
        return tr("the chart %1 cannot be read: %2").arg(m_target.chart, m_name->error().message);
    const HelmChartName &here = **m_name;
    if (here == HelmChartName{deployed.chart, deployed.chartVersion})
        return {};
    return tr("deployed is %1-%2, and the chart on this disk is %3-%4: a promotion would upgrade "
              "to "
              "it")
        .arg(deployed.chart, deployed.chartVersion, here.name, here.version);
}

} // namespace pilothouse
