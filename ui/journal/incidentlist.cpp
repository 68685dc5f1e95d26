#include "ui/journal/incidentlist.h"

#include "release/incident/report.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/words.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QGridLayout>
#include <QLabel>
#include <QMessageBox>
#include <QSaveFile>
#include <QToolButton>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int shownIncidents = 3;

enum Column { When, Track, What, Who, ToScreen, ToConfirm, ToZero, Failed, Buttons, ColumnCount };

QString tookOrNot(const std::optional<std::chrono::milliseconds> &took)
{
    return took ? tookWords(*took) : QStringLiteral("–");
}

QLabel *textLabel(const QString &text)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    return label;
}

QToolButton *rowButton(const QString &icon, const QString &what)
{
    auto *button = new QToolButton;
    button->setIcon(themedIcon(icon));
    button->setToolTip(what);
    button->setAccessibleName(what);
    button->setAutoRaise(true);
    return button;
}

} // namespace

IncidentList::IncidentList(QWidget *parent) : Panel(tr("Incidents"), parent)
{
    setObjectName(QStringLiteral("incidentList"));
    hide();
}

void IncidentList::setRecords(const QList<Record> &records)
{
    m_records = records;
    const QList<Incident> incidents = incidentsOf(records);
    if (incidents == m_incidents)
        return;
    m_incidents = incidents;
    build();
}

void IncidentList::build()
{
    delete m_table;
    m_table = new QWidget;
    m_grid = new QGridLayout(m_table);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(spacing::Medium);
    m_grid->setVerticalSpacing(spacing::Hair);
    m_grid->setColumnStretch(Failed, 1);
    const QString names[] = {tr("When"),       tr("Track"),          tr("Rolled back"),
                             tr("By"),         tr("Alert → screen"), tr("Screen → confirm"),
                             tr("→ weight 0"), tr("Damage")};
    for (int column = When; column <= Failed; ++column) {
        QLabel *name = textLabel(names[column]);
        setInk(name, ColorRole::Muted);
        m_grid->addWidget(name, 0, column);
    }
    for (const Incident &incident : m_incidents.mid(0, shownIncidents))
        addRow(incident);
    body()->addWidget(m_table);
    setRemark(m_incidents.size() > shownIncidents
                  ? tr("the newest %1 of %2").arg(shownIncidents).arg(m_incidents.size())
                  : QString());
    setVisible(!m_incidents.isEmpty());
}

void IncidentList::addRow(const Incident &incident)
{
    const int row = m_grid->rowCount();
    const QString texts[]
        = {whenText(incident.confirmedAt, QDateTime::currentDateTimeUtc()),
           incident.track.value,
           QStringLiteral("%1 → %2").arg(shortSha(incident.bad), shortSha(incident.to)),
           incident.by,
           tookOrNot(alertToScreen(incident)),
           tookOrNot(screenToConfirm(incident)),
           tookWords(confirmToAccepted(incident)),
           failedWords(incident)};
    for (int column = When; column <= Failed; ++column)
        m_grid->addWidget(textLabel(texts[column]), row, column);
    m_grid->itemAtPosition(row, When)->widget()->setToolTip(clockText(incident.confirmedAt));
    m_grid->itemAtPosition(row, Failed)->widget()->setToolTip(incident.notCounted);
    if (incident.alert.isEmpty()) {
        for (const int column : {ToScreen, ToConfirm})
            m_grid->itemAtPosition(row, column)
                ->widget()
                ->setToolTip(tr("No alert was seen before it was rolled back."));
    }
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(spacing::Hair);
    QToolButton *copy = rowButton(QStringLiteral("copy"), tr("Copy the report as Markdown"));
    copy->setObjectName(QStringLiteral("copyIncident-%1").arg(row));
    connect(copy, &QToolButton::clicked, this, [this, incident] { copyReport(incident); });
    QToolButton *save = rowButton(QStringLiteral("scroll-text"), tr("Export the report…"));
    save->setObjectName(QStringLiteral("exportIncident-%1").arg(row));
    connect(save, &QToolButton::clicked, this, [this, incident] { saveReport(incident); });
    buttons->addWidget(copy);
    buttons->addWidget(save);
    m_grid->addLayout(buttons, row, Buttons);
    const QStringList misses = missesOf(incident);
    if (misses.isEmpty())
        return;
    QLabel *missed = textLabel(misses.join(QStringLiteral(" · ")));
    missed->setObjectName(QStringLiteral("missedLabel-%1").arg(row));
    missed->setWordWrap(true);
    setInk(missed, Tone::Warning);
    m_grid->addWidget(missed, row + 1, Track, 1, Failed - Track + 1);
}

void IncidentList::copyReport(const Incident &incident)
{
    QApplication::clipboard()->setText(incidentMarkdown(incident, m_records));
    Q_EMIT copied(tr("Copied the report of %1 as Markdown").arg(incident.track.value));
}

void IncidentList::saveReport(const Incident &incident)
{
    const QString proposed
        = QStringLiteral("incident-%1-%2.md")
              .arg(incident.track.value,
                   incident.confirmedAt.toString(QStringLiteral("yyyyMMdd-HHmmss")));
    auto *dialog = new QFileDialog(this, tr("Export the report"), proposed,
                                   tr("Markdown (*.md);;All files (*)"));
    dialog->setObjectName(QStringLiteral("exportDialog"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(proposed);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this, incident](const QString &path) {
        QSaveFile file(path);
        if (file.open(QIODevice::WriteOnly)) {
            file.write(incidentMarkdown(incident, m_records).toUtf8());
            if (file.commit()) {
                Q_EMIT copied(tr("Wrote the report to %1").arg(path));
                return;
            }
        }
        QMessageBox::warning(this, tr("The report was not written"),
                             tr("%1 cannot be written: %2").arg(path, file.errorString()));
    });
    dialog->open();
}

} // namespace pilothouse
