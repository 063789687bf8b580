"""学校与数据集: county, township, school, registers, periods, datasets, parameters, membership and access."""
