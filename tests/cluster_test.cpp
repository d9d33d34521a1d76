#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "cluster/bundles.h"
#include "cluster/command_output.h"
#include "cluster/slurm.h"
#include "cluster/slurm_script.h"
#include "harness/cell_list.h"

namespace evalzip {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A plan of `cells` like cells; only what tasks look at is filled in.
WidePlan plan_of_like_cells(std::size_t cells, double seconds) {
  WidePlan plan;
  for (std::size_t i = 0; i < cells; ++i) {
    plan.cells.push_back(
        {.cell = {.key = std::to_string(i)}, .settings = 0, .resources = {}, .seconds = seconds});
  }
  return plan;
}

TEST(Bundles, AreAsLongAsAskedAndHoldEveryCellOnce) {
  const WidePlan plan = plan_of_like_cells(10, 100);
  const auto arrays = bundle(plan, all_cells(plan), {.seconds = 300, .most_tasks = 1000});
  ASSERT_EQ(arrays.size(), 1u);
  EXPECT_THAT(arrays[0].tasks, ElementsAre(ElementsAre(0, 1, 2), ElementsAre(3, 4, 5),
                                           ElementsAre(6, 7, 8), ElementsAre(9)));
}

TEST(Bundles, LeaveACellThatIsLongerThanAskedAlone) {
  WidePlan plan = plan_of_like_cells(3, 1);
  plan.cells[1].seconds = 5000;
  const auto arrays = bundle(plan, all_cells(plan), {.seconds = 300, .most_tasks = 1000});
  EXPECT_THAT(arrays[0].tasks, ElementsAre(ElementsAre(0), ElementsAre(1), ElementsAre(2)));
}

TEST(Bundles, NeverMixCellsThatNeedOtherMachines) {
  WidePlan plan = plan_of_like_cells(4, 1);
  plan.cells[1].resources.cores = 8;
  plan.cells[3].resources.cores = 8;
  const auto arrays = bundle(plan, all_cells(plan), {.seconds = 300, .most_tasks = 1000});
  ASSERT_EQ(arrays.size(), 2u);
  EXPECT_THAT(arrays[0].tasks, ElementsAre(ElementsAre(0, 2)));
  EXPECT_THAT(arrays[1].tasks, ElementsAre(ElementsAre(1, 3)));
  EXPECT_EQ(arrays[1].resources.cores, 8u);
}

TEST(Bundles, MakeNoArrayLongerThanAllowed) {
  const WidePlan plan = plan_of_like_cells(2500, 400);
  const auto arrays = bundle(plan, all_cells(plan), {.seconds = 300, .most_tasks = 1000});
  std::vector<std::size_t> sizes;
  for (const TaskArray& array : arrays) sizes.push_back(array.tasks.size());
  EXPECT_THAT(sizes, ElementsAre(1000, 1000, 500));
}

TEST(CellList, IsReadAsItIsWritten) {
  for (const std::vector<std::size_t>& cells :
       {std::vector<std::size_t>{0}, {0, 1, 2}, {7, 8, 3, 10, 11}, {5, 4, 3}}) {
    EXPECT_EQ(parse_cell_list(format_cell_list(cells), 100), cells);
  }
  EXPECT_EQ(format_cell_list({0, 1, 2, 5, 7, 8}), "0-2,5,7-8");
}

TEST(CellList, SharesHoldEveryCellOnceAndALongCellEach) {
  WidePlan plan = plan_of_like_cells(9, 1);
  for (const std::size_t slow : {0u, 3u, 6u}) plan.cells[slow].seconds = 1000;
  std::vector<std::size_t> all;
  for (const char* share : {"1/3", "2/3", "3/3"}) {
    const auto cells = cells_of_shard(share, plan);
    EXPECT_EQ(cells.size(), 3u);
    EXPECT_EQ(std::ranges::count_if(cells, [](std::size_t cell) { return cell % 3 == 0; }), 1);
    all.insert(all.end(), cells.begin(), cells.end());
  }
  EXPECT_THAT(all, testing::UnorderedElementsAreArray(all_cells(plan)));
}

TEST(SlurmQueue, TasksAreReadAndThoseThatHaveEndedAreNot) {
  const auto tasks = parse_queue(
      "evalzip-ab-001-1|12|3|RUNNING|None\n"
      "evalzip-ab-001-1|12|4|PENDING|Resources\n"
      "evalzip-ab-001-1|12|2|COMPLETED|None\n"
      "evalzip-ab-001-merge|13|N/A|PENDING|Dependency\n"
      "slurm_load_jobs error\n");
  ASSERT_EQ(tasks.size(), 3u);
  EXPECT_EQ(tasks[0].job_id, "12");
  EXPECT_EQ(tasks[0].task, 3u);
  EXPECT_TRUE(tasks[0].running);
  EXPECT_FALSE(tasks[1].running);
  EXPECT_EQ(tasks[1].reason, "Resources");
  EXPECT_EQ(tasks[2].job_name, "evalzip-ab-001-merge");
}

ArrayScript script_in(const std::filesystem::path& folder, std::vector<std::string> command) {
  return {.job_name = "evalzip-ab-001-1",
          .resources = {.cores = 4, .memory_bytes = 3ull << 30, .gpus = 2, .exclusive = true},
          .tasks = 7,
          .task_file = folder / "array 1.tasks",
          .logs = folder,
          .command = std::move(command),
          .stage = "\"${TMPDIR:-/tmp}/stage\""};
}

TEST(SlurmScript, AsksForWhatTheCellsNeedAndForWhatTheUserSaid) {
  const std::string text =
      format_script(script_in("/100%/a b", {"evalzip", "exec"}), {.partition = "long",
                                                                  .account = "lab",
                                                                  .time = "2-00:00:00",
                                                                  .constraint = "zen4&avx512",
                                                                  .max_parallel = 5,
                                                                  .others = {"--qos=low prio"}});
  for (const char* line :
       {"#SBATCH --array=0-6%5\n", "#SBATCH --cpus-per-task=4\n", "#SBATCH --mem=3072M\n",
        "#SBATCH --gres=gpu:2\n", "#SBATCH --exclusive\n", "#SBATCH --requeue\n",
        "#SBATCH --open-mode=append\n", "#SBATCH --partition=long\n", "#SBATCH --account=lab\n",
        "#SBATCH --time=2-00:00:00\n", "#SBATCH '--constraint=zen4&avx512'\n",
        "#SBATCH '--qos=low prio'\n", "#SBATCH '--output=/100%%/a b/%x-%a.out'\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(SlurmScript, GivesEachTaskItsLineOfCells) {
  const auto folder = std::filesystem::temp_directory_path() / "evalzip it's a folder";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "array 1.tasks") << "0-3\n4,7\n";
  std::ofstream(folder / "script") << format_script(script_in(folder, {"echo", "two words"}), {});
  const CommandOutput output = run_command(
      {"env", "SLURM_ARRAY_TASK_ID=1", "TMPDIR=/node", "sh", (folder / "script").string()});
  EXPECT_EQ(output.out, "two words --stage /node/stage --index 4,7\n") << output.err;
  const CommandOutput beyond =
      run_command({"env", "SLURM_ARRAY_TASK_ID=2", "sh", (folder / "script").string()});
  EXPECT_EQ(beyond.status, 2) << "a task without cells must not run all of them";
  EXPECT_EQ(beyond.out, "");
  std::filesystem::remove_all(folder);
}

TEST(CommandOutput, HasBothStreamsAndTheStatus) {
  const CommandOutput output = run_command({"sh", "-c", "echo out; echo err >&2; exit 7"});
  EXPECT_EQ(output.out, "out\n");
  EXPECT_EQ(output.err, "err\n");
  EXPECT_EQ(output.status, 7);
  EXPECT_EQ(run_command({"sh", "-c", "kill -9 $$"}).status, 137);
}

TEST(CommandOutput, OfAProgramThatIsNotThereIsAnErrorThatNamesIt) {
  try {
    run_command({"evalzip-no-such-program"});
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("evalzip-no-such-program"));
  }
}

}  // namespace
}  // namespace evalzip
