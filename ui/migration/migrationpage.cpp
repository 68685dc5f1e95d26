#include "ui/migration/migrationpage.h"

#include "migration/overdue/reminders.h"
#include "release/things/namedthings.h"
#include "ui/migration/changedetails.h"
#include "ui/migration/changemodel.h"
#include "ui/migration/leftopenlist.h"
#include "ui/things/thingdesk.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/stateview.h"

#include <QHBoxLayout>
#include <QListView>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int listWidth = 300;

} // namespace

MigrationPage::MigrationPage(MigrationController &controller, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_panel(new Panel(tr("Changes"))),
      m_model(new ChangeModel(this)), m_list(new QListView), m_leftOpen(new LeftOpenList),
      m_stack(new QStackedWidget), m_state(new StateView), m_details(new ChangeDetails(controller))
{
    setObjectName(QStringLiteral("migrationPage"));
    m_list->setObjectName(QStringLiteral("changeList"));
    m_list->setAccessibleName(tr("Changes"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new ChangeDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_panel->setFixedWidth(listWidth);
    m_leftOpen->setFixedWidth(listWidth);
    m_panel->body()->addWidget(m_list, 1);
    m_stack->addWidget(m_state);
    m_stack->addWidget(m_details);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::Small);
    auto *lists = new QVBoxLayout;
    lists->setSpacing(spacing::Small);
    lists->addWidget(m_panel, 1);
    lists->addWidget(m_leftOpen);
    row->addLayout(lists);
    row->addWidget(m_stack, 1);

    connect(&m_controller, &MigrationController::listChanged, this, &MigrationPage::refresh);
    connect(&m_controller, &MigrationController::changed, this, &MigrationPage::refresh);
    connect(m_state, &StateView::retryRequested, &m_controller, &MigrationController::start);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) {
                if (index.isValid())
                    m_details->show(m_model->rowAt(index.row()).key);
            });
    refresh();
}

void MigrationPage::refresh()
{
    std::vector<ChangeView> rows;
    for (const ChangeKey &key : m_controller.keys()) {
        if (auto view = m_controller.view(key))
            rows.push_back(std::move(*view));
    }
    const bool any = !rows.empty();
    int open = 0;
    int late = 0;
    for (const ChangeView &row : rows) {
        open += row.state != ChangeState::Cleaned ? 1 : 0;
        late += row.state != ChangeState::Cleaned && row.daysLeft < 0 ? 1 : 0;
    }
    m_model->setRows(std::move(rows));
    QString remark
        = late > 0 ? tr("%1 open · %2 late").arg(open).arg(late) : tr("%1 open").arg(open);
    if (!m_controller.broken().isEmpty())
        remark += tr(" · %n unreadable", nullptr, int(m_controller.broken().size()));
    m_panel->setRemark(remark);

    if (any) {
        m_stack->setCurrentWidget(m_details);
        if (!m_list->currentIndex().isValid())
            m_list->setCurrentIndex(m_model->index(0, 0));
    } else {
        m_stack->setCurrentWidget(m_state);
        if (m_controller.listError())
            m_state->showError(*m_controller.listError(), tr("The other pages go on working."),
                               tr("Read Again"));
        else if (!m_controller.broken().isEmpty())
            m_state->showError(m_controller.broken().first().error,
                               m_controller.broken().first().path, tr("Read Again"));
        else if (m_controller.loading())
            m_state->showLoading(tr("the change files"));
        else
            m_state->showEmpty(
                tr("No schema change"),
                tr("A file in the folder “changes” of a database in pilothouse.yaml makes one."));
    }
}

void MigrationPage::setReminders(Reminders &reminders)
{
    const auto follow = [this, &reminders] {
        if (reminders.hasRead()) // until then nothing is known, which is no news
            m_leftOpen->setStandings(reminders.standings());
    };
    connect(&reminders, &Reminders::changed, this, follow);
    m_details->setReminders(reminders);
    follow();
}

void MigrationPage::setThings(ThingDesk &desk)
{
    const auto ofRow = [this](const QModelIndex &index) -> QList<Thing> {
        if (!index.isValid())
            return {};
        const ChangeView &change = m_model->rowAt(index.row());
        return {changeThing(change.key, change.stateWords)};
    };
    desk.serveRows(*m_list, ofRow);
    desk.serve(*this, [this, ofRow] { return ofRow(m_list->currentIndex()); });
}

void MigrationPage::showChange(const ChangeKey &key)
{
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (m_model->rowAt(row).key == key)
            m_list->setCurrentIndex(m_model->index(row, 0));
    }
}

} // namespace pilothouse
