#pragma once

#include "release/incident/incident.h"
#include "ui/widgets/panel.h"

class QGridLayout;

namespace pilothouse {

/// The rollbacks of the journal, the newest few, with how long each act took: what a drill is
/// scored by. Each can be copied as a report. Hidden while there is none.
class IncidentList final : public Panel
{
    Q_OBJECT

public:
    explicit IncidentList(QWidget *parent = nullptr);

    /// Newest first, as the journal gives them.
    void setRecords(const QList<Record> &records);
    [[nodiscard]] const QList<Incident> &incidents() const { return m_incidents; }

Q_SIGNALS:
    void copied(const QString &sentence); ///< what the clipboard has now

private:
    void build();
    void addRow(const Incident &incident);
    void copyReport(const Incident &incident);
    void saveReport(const Incident &incident);

    QList<Record> m_records;
    QList<Incident> m_incidents;
    QWidget *m_table = nullptr;
    QGridLayout *m_grid = nullptr;
};

} // namespace pilothouse
